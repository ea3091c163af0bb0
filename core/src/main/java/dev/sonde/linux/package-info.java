/**
 * The machine below: what /proc, /sys, tracefs and the files of a program say about it.
 *
 * <p>{@link dev.sonde.linux.LiveTarget} answers a compile's questions; the other types also serve attaching and symbolising. Everything is read
 * when it is first asked for and not before, because most scripts ask for little. The package knows no script and no program that will be loaded;
 * it changes nothing on the machine, not even its mount table. Start with {@code LiveTarget}.
 */
package dev.sonde.linux;
