package dev.sonde.compile;

import dev.sonde.linux.LiveTarget;
import dev.sonde.sys.Bpf;
import dev.sonde.sys.BpfMap;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import dev.sonde.sys.LinuxKernel;
import dev.sonde.target.Binary;
import dev.sonde.target.Feature;
import dev.sonde.target.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;

/** This machine's kernel, and a target that has every probe that scripts of tests name. */
public final class TrialMachine implements AutoCloseable {
    private static final String ENVOY = "/proc/42/root/usr/local/bin/envoy";

    private static final Map<String, Binary> BINARIES = binaries();

    private final Kernel kernel = LinuxKernel.open();
    private final LiveTarget machine = new LiveTarget(kernel, List.of());

    private boolean loads = true;

    private TrialMachine() {}

    /** This machine; the test is skipped when it may not load programs. */
    static TrialMachine open() {
        var opened = new TrialMachine();
        try {
            BpfMap.create(opened.kernel, new Bpf.MapCreate(2, "", 4, 8, 1, 0)).close();
            return opened;
        } catch (KernelException e) {
            opened.close();
            System.out.println("skipped: needs root: " + e.getMessage());
            Assumptions.abort("needs root");
            throw e;
        }
    }

    /** This machine, whether or not it may load programs. */
    public static TrialMachine orNone() {
        var opened = new TrialMachine();
        try {
            BpfMap.create(opened.kernel, new Bpf.MapCreate(2, "", 4, 8, 1, 0)).close();
        } catch (KernelException e) {
            opened.loads = false;
        }
        return opened;
    }

    private static Map<String, Binary> binaries() {
        var binaries = new HashMap<String, Binary>();
        for (Binary binary : List.of(
                EveryProbe.binary("/bin/bash", "main", "readline"),
                EveryProbe.binary("libreadline", "readline"),
                EveryProbe.binary("libpthread", "pthread_create"),
                EveryProbe.binary("libssl", "SSL_read", "SSL_write", "SSL_do_handshake"),
                EveryProbe.binary("libcrypto", "rsa_ossl_public_encrypt", "rsa_ossl_public_decrypt", "rsa_ossl_private_encrypt",
                        "rsa_ossl_private_decrypt", "RSA_sign", "RSA_verify", "ossl_ecdsa_sign", "ossl_ecdsa_verify", "ossl_ecdh_compute_key",
                        "ecdh_simple_compute_key"),
                EveryProbe.binary(ENVOY,
                        "_ZZN5Envoy5Event13FileEventImpl12assignEventsEjP10event_baseEN3$_18__invokeEisPv",
                        "_ZN5Envoy5Event13FileEventImpl12assignEventsEjP10event_base",
                        "_ZN5Envoy10Extensions15ListenerFilters12TlsInspector6ConfigD2Ev",
                        "_ZN5Envoy10Extensions15ListenerFilters12TlsInspector6Filter8onAcceptERNS_7Network22ListenerFilterCallbacksE",
                        "_ZN5Envoy7Network20ConnectionSocketImpl32setRequestedApplicationProtocolsERKSt6vectorIN4absl11string_viewESaIS4_EE",
                        "_ZN5Envoy10StreamInfo14StreamInfoImpl18setFilterChainNameEN4absl11string_viewE"))) {
            binaries.put(binary.path(), binary);
        }
        return binaries;
    }

    /** Whether it may load programs. */
    public boolean loads() {
        return loads;
    }

    /** Its kernel. */
    public Kernel kernel() {
        return kernel;
    }

    /** A target with every probe and without some features; what is compiled for it can be loaded, not attached. */
    public Target target(Feature... missing) {
        return new EveryProbe(machine, BINARIES, Set.of(missing));
    }

    @Override
    public void close() {
        machine.close();
    }
}
