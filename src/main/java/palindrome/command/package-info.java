/**
 * SciJava commands, one class a menu item: parameters in, one operation, images
 * out. No mathematics.
 * <p>
 * May import: everything below it.
 */
package palindrome.command;
