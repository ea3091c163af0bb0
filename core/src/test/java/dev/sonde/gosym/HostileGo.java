package dev.sonde.gosym;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import java.util.Random;

/** Reads damaged tables through every entry point and counts how often that gave an answer or a refusal. */
final class HostileGo {
    private int answers;
    private int refusals;

    int answers() {
        return answers;
    }

    int refusals() {
        return refusals;
    }

    void read(byte[] bytes, Random random) {
        attempt(() -> Pclntab.find(Cursor.of(bytes, "hostile")));
        attempt(() -> readTable(Pclntab.read(Cursor.of(bytes, "hostile"), 0x1000).withInlining(Cursor.of(bytes, "hostile")), bytes, random));
    }

    private void readTable(Pclntab table, byte[] bytes, Random random) {
        attempt(() -> ModuleData.find(table, 0x2000, Cursor.of(bytes, "hostile")));
        attempt(() -> table.byName("main.main"));
        for (int i = 0; i < 40; i++) {
            int index = table.size() == 0 ? 0 : random.nextInt(table.size());
            attempt(() -> table.function(index));
            attempt(() -> {
                long pc = table.entry(index) + random.nextInt(40);
                table.lookup(pc);
                table.file(pc);
                table.line(pc);
                table.frameSize(pc);
                table.frames(pc);
            });
        }
    }

    private void attempt(Runnable reader) {
        try {
            reader.run();
            answers++;
        } catch (MalformedException e) {
            refusals++;
        }
    }
}
