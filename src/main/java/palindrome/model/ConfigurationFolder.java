package palindrome.model;

import com.sun.jna.Platform;
import java.nio.file.Path;
import java.util.Map;

/** Where this user's settings of Palindrome belong on this operating system; the folder need not exist. */
public final class ConfigurationFolder {

    private static final String NAME = "palindrome";

    private ConfigurationFolder() {}

    /** @return {@code ~/.config/palindrome} on Linux, and the like elsewhere */
    static Path ofUser() {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /**
     * @param environment variables that may move it
     * @param home the user's
     * @return where it is then
     */
    public static Path of(final Map<String, String> environment, final Path home) {
        return of(Platform.isWindows(), Platform.isMac(), environment, home);
    }

    static Path of(final boolean windows, final boolean mac, final Map<String, String> environment, final Path home) {
        if (windows)
            return named(environment.get("APPDATA"), home.resolve("AppData").resolve("Roaming"));
        if (mac) return named(null, home.resolve("Library").resolve("Application Support"));
        return named(environment.get("XDG_CONFIG_HOME"), home.resolve(".config"));
    }

    private static Path named(final String set, final Path usual) {
        return (set == null || set.isBlank() ? usual : Path.of(set)).resolve(NAME);
    }
}
