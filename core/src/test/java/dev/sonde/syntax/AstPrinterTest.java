package dev.sonde.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AstPrinterTest {
    @Test
    void treeHasOneNodeALine() {
        assertThat(AstPrinter.print(Trees.parse("""
                kprobe:f, kprobe:g /pid == 1/ {
                  @x[tid] = (uint64)arg0 + 2;
                  if (@x[tid]) { print("a"); } else { $y->z ? 1 : 2 }
                }
                """))).isEqualTo("""
                Program
                 kprobe:f
                 kprobe:g
                  pred
                   ==
                    identifier: pid
                    int: 1
                  =
                   map: @x
                    identifier: tid
                   +
                    (uint64)
                     identifier: arg0
                    int: 2
                  if
                   map: @x
                    identifier: tid
                   then
                    call: print
                     string: "a"
                   else
                    ?:
                     -> z
                      variable: $y
                     int: 1
                     int: 2
                """);
    }
}
