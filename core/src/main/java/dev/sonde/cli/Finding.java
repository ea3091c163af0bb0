package dev.sonde.cli;

/**
 * What a check found.
 *
 * @param state how it stands
 * @param detail what was seen, in a few words
 * @param remedy what to do about it; empty when there is nothing to do
 */
record Finding(State state, String detail, String remedy) {
    /** How a thing stands. */
    enum State {
        /** As it should be. */
        OK("ok"),
        /** Something does not work without it; the rest does. */
        MISSING("no"),
        /** Nothing can be traced before it is mended. */
        BLOCKED("STOP"),
        /** This process may not find out. */
        UNKNOWN("?");

        private final String sign;

        State(String sign) {
            this.sign = sign;
        }

        String sign() {
            return sign;
        }
    }

    static Finding ok(String detail) {
        return new Finding(State.OK, detail, "");
    }

    static Finding missing(String detail, String remedy) {
        return new Finding(State.MISSING, detail, remedy);
    }

    static Finding blocked(String detail, String remedy) {
        return new Finding(State.BLOCKED, detail, remedy);
    }

    static Finding unknown(String detail, String remedy) {
        return new Finding(State.UNKNOWN, detail, remedy);
    }
}
