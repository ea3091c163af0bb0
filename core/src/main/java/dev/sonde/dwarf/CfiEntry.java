package dev.sonde.dwarf;

import dev.sonde.bytes.Cursor;

/**
 * A common information entry: what the functions that name it have in common (DWARF 5 §6.4.1; for {@code .eh_frame}, Linux Standard Base "Exception
 * Frames").
 */
record CfiEntry(
        int codeAlignment,
        long dataAlignment,
        int returnAddress,
        boolean augmented,
        boolean signal,
        int pointerEncoding,
        int addressSize,
        Cursor instructions) {
    /** Reads an entry whose length and id have been read; {@code in} ends where the entry does. */
    static CfiEntry read(Cursor in, EhPointer pointers) {
        int version = in.u8();
        if (version != 1 && version != 3 && version != 4) {
            throw in.malformed("version 1, 3 or 4 of a common information entry, not " + version);
        }
        String augmentation = in.string();
        int addressSize = in.addressSize();
        if (augmentation.startsWith("eh")) {
            in.address();
        }
        if (version == 4) {
            addressSize = in.u8();
            if (in.u8() != 0) {
                throw in.malformed("no segment selectors");
            }
            in = in.addressSize(addressSize);
        }
        long code = in.uleb128();
        long data = in.sleb128();
        if (code < 0 || code > 0xffff || data != (int) data) {
            throw in.malformed("alignment factors of 16 and 32 bits");
        }
        long register = version == 1 ? in.u8() : in.uleb128();
        if (register != (int) register || register < 0) {
            throw in.malformed("a register number, not " + Long.toUnsignedString(register));
        }
        return augmented(in, augmentation, pointers, new CfiEntry((int) code, data, (int) register, false, false, EhPointer.DW_EH_PE_absptr,
                addressSize, in));
    }

    private static CfiEntry augmented(Cursor in, String augmentation, EhPointer pointers, CfiEntry plain) {
        if (!augmentation.startsWith("z")) {
            if (!augmentation.isEmpty() && !augmentation.equals("eh")) {
                throw in.malformed("an augmentation that says how long it is, not \"" + augmentation + "\"");
            }
            return plain.with(false, EhPointer.DW_EH_PE_absptr, in.slice(in.position(), in.remaining(), in.section()), false);
        }
        long size = in.uleb128();
        long start = in.position();
        in.skip(size);
        Cursor body = in.at(start);
        boolean signal = false;
        int encoding = EhPointer.DW_EH_PE_absptr;
        for (int i = 1; i < augmentation.length(); i++) {
            switch (augmentation.charAt(i)) {
                case 'L' -> body.u8();
                case 'P' -> pointers.read(body, body.u8() & 0x7f);
                case 'R' -> encoding = body.u8();
                case 'S' -> signal = true;
                // Of arm64: how return addresses are signed, and that memory tags are used.
                case 'B', 'G' -> { }
                default -> i = augmentation.length();
            }
        }
        return plain.with(true, encoding, in.slice(in.position(), in.remaining(), in.section()), signal);
    }

    private CfiEntry with(boolean more, int encoding, Cursor rest, boolean interrupts) {
        return new CfiEntry(codeAlignment, dataAlignment, returnAddress, more, interrupts, encoding, addressSize, rest);
    }
}
