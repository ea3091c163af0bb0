package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.target.RecordedTarget;
import dev.sonde.testing.Scene;
import dev.sonde.types.Aggregation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LowerHistogramTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 7, 8, 15, 16, 17, 127, 128, 255, 256, 257, 4095, 4096, 65535, 65536, 65537, 0xffffff, 0x1000000, 0x7fffffff,
        0x80000000L, 0xffffffffL, 0x100000000L, 0x123456789abL, 0xffffffffffffL, 0x1000000000000L, 0x3fffffffffffffffL, 0x4000000000000000L,
        Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void valuesGoToTheBucketOfTheirPowerOfTwo(long value) {
        var script = new StringBuilder("begin { ");
        for (int bits = 0; bits <= 5; bits++) {
            script.append("@s").append(bits).append(" = hist(nsecs, ").append(bits).append("); ");
            script.append("@k").append(bits).append("[1] = hist(nsecs, ").append(bits).append("); ");
        }
        var machine = ScriptMachine.of(script + "}", RecordedTarget.builder().build(), new Scene().clocks(value, value, value));
        machine.begin();
        for (int bits = 0; bits <= 5; bits++) {
            int bucket = new Aggregation.Hist(bits).bucketOf(value);
            // A map without keys has a word before, which says that it is in use.
            assertThat(counted(machine.value("@s" + bits), 1)).as("hist(%d, %d)", value, bits).isEqualTo(bucket);
            assertThat(counted(machine.value("@k" + bits), 0)).as("keyed hist(%d, %d)", value, bits).isEqualTo(bucket);
        }
    }

    /** The only word that is 1, counted from word {@code first}. */
    private static int counted(byte[] bytes, int first) {
        var words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        int found = -1;
        for (int i = first; i < words.limit(); i++) {
            if (words.get(i) != 0) {
                assertThat(found).isEqualTo(-1);
                assertThat(words.get(i)).isEqualTo(1);
                found = i - first;
            }
        }
        return found;
    }
}
