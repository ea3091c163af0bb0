package dev.sonde.btf;

/** Linkage of a function or a variable, numbered as {@code enum btf_func_linkage} and {@code BTF_VAR_*}; the ordinal is the wire number. */
public enum Linkage {
    STATIC,
    GLOBAL,
    EXTERN
}
