package dev.sonde.gosym;

/**
 * One function of the table.
 *
 * @param name full name, such as {@code net/http.(*Server).Serve}; assembly twins of two ABIs share one name
 * @param entry virtual address of the first instruction
 * @param end virtual address of the next function, or of the end of the code; padding before it counts as this function
 * @param argsSize bytes of arguments and results on the caller's stack, or -1 when unknown
 * @param deferReturn bytes from {@code entry} to a call of {@code runtime.deferreturn}, where a recovered panic resumes; 0 for none
 * @param startLine line of the {@code func} keyword, from Go 1.20; else 0
 * @param id {@code funcID} of the runtime's special functions, such as 0 for normal ones; its numbers differ by Go version
 */
public record GoFunction(String name, long entry, long end, int argsSize, int deferReturn, int startLine, int id) {
    /** Whether {@code pc} is inside the function. */
    public boolean covers(long pc) {
        return Long.compareUnsigned(pc - entry, end - entry) < 0;
    }
}
