package dev.sonde.output;

/** What a failed helper call means for the script. */
final class HelperAdvice {
    private static final int ENOENT = 2;
    private static final int E2BIG = 7;

    private HelperAdvice() {}

    static String of(String helper, int returned, String reason) {
        if (helper.equals("map_update_elem") && returned == -E2BIG) {
            return "Map full; can't update element. Try increasing max_map_keys config or manually setting the max entries in a map declaration"
                    + " e.g. `let @a = hash(5000)`";
        }
        if (helper.equals("map_delete_elem") && returned == -ENOENT) {
            return "Can't delete map element because it does not exist.";
        }
        return helper.equals("map_lookup_elem") ? "Can't lookup map element because it does not exist." : reason;
    }
}
