/**
 * Sonde beside bpftrace: scripts that both run, whose outputs must be the same to the byte.
 *
 * <p>The scripts lie in {@code sidebyside/} of the test resources; their first lines, comments like {@code // compare: sorted}, say how to run and to
 * compare them. What bpftrace wrote is recorded beside each ({@code .out}, {@code .json}), so the tests need no bpftrace; where there is a new enough
 * one it is run as well. {@code -Dupdate} records anew, {@code -Dsidebyside=NAME} takes only scripts whose names contain NAME. It knows nothing of
 * how Sonde does its work. Start with {@code SideBySideTest}, then {@code Case}.
 */
package dev.sonde.sidebyside;
