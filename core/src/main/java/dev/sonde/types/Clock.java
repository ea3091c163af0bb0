package dev.sonde.types;

/** The clock of a timestamp. */
public enum Clock {
    MONOTONIC, BOOTTIME, TAI, REALTIME
}
