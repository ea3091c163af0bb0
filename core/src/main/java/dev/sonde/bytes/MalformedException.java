package dev.sonde.bytes;

/**
 * A binary input that does not follow its format: says where (section and offset) and what was expected there.
 *
 * <p>It is the one exception that readers throw for bad input. It is unchecked because a reader's callers treat a whole file as the unit of
 * failure: they catch it where they choose the next source of symbols or types.
 */
public final class MalformedException extends RuntimeException {
    private final String section;
    private final long offset;

    /**
     * @param section the section or table that was read, as its format names it
     * @param offset bytes from the start of that section
     * @param expectation what a well-formed input has there, or what it must not have
     */
    public MalformedException(String section, long offset, String expectation) {
        super(section + " at offset 0x" + Long.toHexString(offset) + ": " + expectation);
        this.section = section;
        this.offset = offset;
    }

    /** The section or table that was read. */
    public String section() {
        return section;
    }

    /** Bytes from the start of the section. */
    public long offset() {
        return offset;
    }
}
