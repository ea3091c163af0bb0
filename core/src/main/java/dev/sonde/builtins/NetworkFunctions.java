package dev.sonde.builtins;

import dev.sonde.ir.Address;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Type;
import dev.sonde.types.TypeText;
import java.util.List;

/** Builtins about addresses and byte order. */
final class NetworkFunctions {
    static final List<String> NAMES = List.of("ntop", "pton", "macaddr", "bswap", "skboutput");
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    private NetworkFunctions() {}

    static Builtin of(String name) {
        return switch (name) {
            case "ntop" -> Entry.function("ntop", "ntop([family,] address)")
                    .doc("An IP address for printing: from an integer or 4 bytes (IPv4) or 16 bytes (IPv6) in network order.")
                    .example("begin { printf(\"%s\\n\", ntop(0x0100007f)); exit() }").check(NetworkFunctions::checkNtop)
                            .lower(NetworkFunctions::lowerNtop);
            case "macaddr" -> Entry.function("macaddr", "macaddr(bytes)").doc("A MAC address of 6 bytes for printing.")
                    .example("begin { printf(\"%s\\n\", macaddr((uint8[6])\"abcde\")); exit() }").check(NetworkFunctions::checkMac)
                    .lower(NetworkFunctions::lowerMac);
            case "bswap" -> Entry.function("bswap", "bswap(n)").doc("The integer with its bytes in the opposite order.")
                    .example("begin { printf(\"%x\\n\", bswap((uint16)0x1234)); exit() }").check(NetworkFunctions::checkSwap)
                            .lower(NetworkFunctions::lowerSwap);
            case "pton" -> pton();
            case "skboutput" -> PacketCapture.entry();
            default -> null;
        };
    }

    private static Type checkNtop(Checking call) {
        if (!call.arguments(1, 2) || call.count() == 2 && !call.integer(0)) {
            return Type.NONE;
        }
        int index = call.count() - 1;
        Type type = call.type(index);
        boolean bytes = (type instanceof Type.Array || type instanceof Type.Text) && (type.size() == 4 || type.size() == 16);
        if (type != Type.NONE && !type.isInteger() && !bytes && !(type instanceof Type.Struct s && (s.size() == 4 || s.size() == 16))) {
            return call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "ntop() argument must be 4 or 16 bytes in size");
        }
        return new Type.Inet();
    }

    private static Value lowerNtop(Lowering call) {
        int index = call.count() - 1;
        Type type = call.type(index);
        Value address = call.value(index);
        Address to = call.destination();
        boolean six = type.size() == 16 && !type.isInteger();
        Operand family = call.count() == 2 ? call.scalar(0) : Operand.of(six ? AF_INET6 : AF_INET);
        call.ir().store(to, 8, family);
        if (type.isInteger()) {
            call.zero(to.plus(8), 16);
            call.ir().store(to.plus(8), 4, call.scalar(address));
        } else {
            call.zero(to.plus(8 + type.size()), 16 - type.size());
            call.store(to.plus(8), type, address);
        }
        return new Value.InMemory(call.type(), to);
    }

    private static Builtin pton() {
        return Entry.function("pton", "pton(\"ADDRESS\")").doc("An IP address as the 4 or 16 bytes, in network order, that stand for it.")
                .example("begin { printf(\"%s\\n\", ntop(pton(\"127.0.0.1\"))); exit() }").traits(Builtin.Trait.COMPILE_TIME).check(c -> {
                    if (!c.arguments(1, 1)) {
                        return Type.NONE;
                    }
                    String address = c.text(0).orElse("");
                    if (c.text(0).isEmpty()) {
                        return c.fail(c.span(), DiagnosticCode.NOT_CONSTANT, "pton() expects an string literal at the first argument");
                    }
                    if (address.indexOf('.') < 0 && address.indexOf(':') < 0) {
                        return c.fail(c.span(), DiagnosticCode.BAD_ARGUMENTS, "pton() expects an string argument of an IPv4/IPv6 address, got "
                                + address);
                    }
                    return IpAddress.bytes(address).<Type>map(bytes -> new Type.Array(Type.UINT8, bytes.length)).orElseGet(() -> c.fail(c.span(),
                            DiagnosticCode.BAD_ARGUMENTS, "pton() expects a valid IPv4/IPv6 address, got " + address));
                }).lower(l -> {
                    Address to = l.destination();
                    l.store(to, l.type(), new Value.Literal(l.type(), IpAddress.bytes(l.text(0).orElseThrow()).orElseThrow()));
                    return new Value.InMemory(l.type(), to);
                });
    }

    private static Type checkMac(Checking call) {
        if (!call.arguments(1, 1) || call.type(0) == Type.NONE) {
            return Type.NONE;
        }
        if (call.text(0).isPresent()) {
            return call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "macaddr() does not support literal string arguments");
        }
        Type type = call.type(0);
        boolean bytes = (type instanceof Type.Array || type instanceof Type.Text) && type.size() >= 6 || type.isInteger()
                || type instanceof Type.Pointer;
        return bytes ? new Type.Mac()
                : call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "macaddr() only supports array or pointer arguments of 6 bytes ("
                        + TypeText.of(type) + " provided)");
    }

    private static Value lowerMac(Lowering call) {
        Address to = call.destination();
        Value value = call.value(0);
        call.store(to, call.type(), switch (value) {
            case Value.Remote(Type type, Operand address, var space) when !type.isScalar() -> new Value.Remote(call.type(), address, space);
            case Value.InMemory(Type type, Address place) when !type.isScalar() -> new Value.InMemory(call.type(), place);
            case Value.Remote _, Value.InMemory _, Value.Scalar _, Value.Literal _, Value.Nothing _ -> new Value.Remote(call.type(),
                    call.scalar(value),
                    call.type(0) instanceof Type.Pointer(_, AddressSpace space) ? space : call.context().space());
        });
        return new Value.InMemory(call.type(), to);
    }

    private static Type checkSwap(Checking call) {
        if (!call.arguments(1, 1) || call.type(0) == Type.NONE) {
            return Type.NONE;
        }
        return call.type(0).isInteger() || call.type(0) instanceof Type.Pointer ? new Type.Int(call.type(0).size(), false)
                : call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "bswap() only supports integer arguments (" + call.kind(0) + " provided)");
    }

    private static Value lowerSwap(Lowering call) {
        Operand operand = call.scalar(0);
        int bits = 8 * call.type().size();
        if (bits == 8) {
            return new Value.Scalar(call.type(), call.ir().extend(operand, 8, false));
        }
        Operand.Register result = call.ir().register();
        call.ir().add(new Operation.ByteSwap(result, call.ir().inRegister(operand), bits));
        return new Value.Scalar(call.type(), result);
    }
}
