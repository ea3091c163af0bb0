package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.asm.Register;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MoveArgumentsTest {
    private record Move(Register to, Register from) {}

    /** Every choice of R0 to R6 for up to five arguments. */
    @Test
    void everyAssignmentArrivesAsIfMovedAtOnce() {
        for (int count = 0; count <= 5; count++) {
            for (int choice = 0; choice < Math.pow(7, count); choice++) {
                var sources = sources(count, choice);
                long[] registers = {100, 101, 102, 103, 104, 105, 106};
                for (var move : moves(sources)) {
                    registers[move.to().ordinal()] = registers[move.from().ordinal()];
                }
                for (int i = 0; i < count; i++) {
                    assertThat(registers[i + 1]).as("argument %d of %s", i + 1, List.of(sources)).isEqualTo(100 + sources[i].ordinal());
                }
                assertThat(registers[6]).isEqualTo(106);
            }
        }
    }

    @Test
    void argumentsInPlaceNeedNoMove() {
        assertThat(moves(new Register[] {Register.R1, null, Register.R3})).isEmpty();
    }

    @Test
    void exchangeTakesThreeMoves() {
        assertThat(moves(new Register[] {Register.R2, Register.R1})).hasSize(3);
    }

    private static Register[] sources(int count, int choice) {
        var sources = new Register[count];
        int rest = choice;
        for (int i = 0; i < count; i++) {
            sources[i] = Register.of(rest % 7);
            rest /= 7;
        }
        return sources;
    }

    private static List<Move> moves(Register[] sources) {
        var moves = new ArrayList<Move>();
        MoveArguments.apply(sources.clone(), (to, from) -> moves.add(new Move(to, from)));
        return moves;
    }
}
