package palindrome.network;

import java.util.List;

/** What every UNet asks of the lists of its configuration. */
final class LevelChecks {

    private LevelChecks() {}

    static void requireLevels(
            final List<Integer> channels, final List<String> downBlockTypes, final List<String> upBlockTypes) {
        final int levels = channels.size();
        require(levels > 0, "block_out_channels is empty");
        require(
                downBlockTypes.size() == levels && upBlockTypes.size() == levels,
                "block_out_channels has " + levels + " entries, but down_block_types " + downBlockTypes.size()
                        + " and up_block_types " + upBlockTypes.size());
        require(
                channels.get(0) % 2 == 0,
                "block_out_channels starts with " + channels.get(0) + ", which should be even");
    }

    static void requireKnown(final List<String> types, final String key, final String... known) {
        for (final String type : types)
            require(
                    List.of(known).contains(type),
                    key + " has " + type + ", which is not supported; supported are " + String.join(" and ", known));
    }

    static void requireGroups(final List<Integer> channels, final int normNumGroups) {
        for (final int count : channels)
            require(
                    count > 0 && count % normNumGroups == 0,
                    "block_out_channels has " + count + ", which is no multiple of norm_num_groups = " + normNumGroups);
    }

    static void requirePositive(final List<Integer> values, final String key) {
        for (final int value : values) require(value > 0, key + " has " + value + ", which should be positive");
    }

    static void require(final boolean condition, final String message) {
        if (!condition) throw new IllegalArgumentException("This UNet cannot be built: " + message + ".");
    }
}
