package dev.sonde.gosym;

import dev.sonde.bytes.Cursor;

/**
 * The fixed part of {@code runtime._func}.
 *
 * <pre>
 * entry ptr (before 1.18) or u32, nameoff s32, args s32, deferreturn u32, pcsp u32, pcfile u32, pcln u32, npcdata u32,
 * from 1.16: cuOffset u32; from 1.20: startLine s32;
 * funcID u8, [2 bytes], nfuncdata u8; then pcdata u32[npcdata]; then funcdata[nfuncdata]: pointers, or u32 since 1.18
 * </pre>
 *
 * @param pcdata offset of the array of pcdata tables from the start of the pclntab; funcdata follows
 */
record FuncRecord(int nameOffset, int args, int deferReturn, int pcsp, int pcfile, int pcln, int pcdataCount, int unit, int startLine,
                  int id, int funcdataCount, long pcdata) {
    static FuncRecord read(PcHeader header, long offset) {
        Cursor in = header.table().at(header.functions()).skip(offset);
        in.skip(header.fieldSize());
        int nameOffset = in.s32();
        int args = in.s32();
        int deferReturn = in.s32();
        int pcsp = in.s32();
        int pcfile = in.s32();
        int pcln = in.s32();
        int pcdataCount = in.s32();
        int unit = header.version() == PcHeader.Version.GO_1_2 ? 0 : in.s32();
        int startLine = header.version() == PcHeader.Version.GO_1_20 ? in.s32() : 0;
        int id = in.u8();
        int funcdataCount = in.skip(2).u8();
        return new FuncRecord(nameOffset, args, deferReturn, pcsp, pcfile, pcln, pcdataCount, unit, startLine, id, funcdataCount, in.position());
    }
}
