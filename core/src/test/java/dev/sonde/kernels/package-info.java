/**
 * Sonde on other kernels and processors than this one's.
 *
 * <p>The scripts of {@code kernels/} (and of {@code sidebyside/}) in the test resources are run in virtual machines, each with a kernel of a Debian
 * release, and on this kernel with features left out. It knows nothing of how Sonde does its work. Start with {@code KernelMatrixTest}; what runs in
 * the machine is {@code CasesHere}.
 */
package dev.sonde.kernels;
