package dev.sonde.btf;

/**
 * A parameter of a function prototype.
 *
 * @param name the parameter's name; empty when the prototype does not tell it
 * @param type the parameter's type id; 0 with an empty name, as the last parameter, stands for {@code ...}
 */
public record Parameter(String name, int type) {
    /** Whether this stands for the variable arguments. */
    public boolean isVararg() {
        return type == 0;
    }
}
