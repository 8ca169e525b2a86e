/**
 * A batch over a cluster of computers, by Apache Spark.
 * A project of its own, which needs the plugin installed.
 * <p>
 * May import: {@link palindrome.batch} and {@link palindrome.edit.Progress}.
 */
package palindrome.spark;
