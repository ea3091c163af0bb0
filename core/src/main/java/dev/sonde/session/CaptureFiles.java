package dev.sonde.session;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * Files of packets that {@code skboutput} writes, in the format of draft-ietf-opsawg-pcap:
 *
 * <pre>
 *   file   --&gt; magic 0xa1b23c4d u32 (nanoseconds), 2 u16, 4 u16, 0 u32, 0 u32, longest packet u32, link type u32, packet*
 *   packet --&gt; seconds u32, nanoseconds u32, length u32, original length u32, bytes
 * </pre>
 */
final class CaptureFiles implements AutoCloseable {
    private static final int MAGIC = 0xa1b23c4d;
    private static final int LINKTYPE_ETHERNET = 1;
    private static final int LONGEST = 65535;
    private static final long SECOND = 1_000_000_000;

    private final Map<String, OutputStream> files = new HashMap<>();

    /** Adds a packet, seen {@code nanoseconds} after 1970, to the file at {@code path}, which is made anew at the first packet. */
    void write(String path, long nanoseconds, byte[] packet, int from, int length) throws IOException {
        OutputStream file = files.get(path);
        if (file == null) {
            file = new BufferedOutputStream(new FileOutputStream(path));
            files.put(path, file);
            file.write(header());
        }
        ByteBuffer head = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
        head.putInt((int) (nanoseconds / SECOND)).putInt((int) (nanoseconds % SECOND)).putInt(length).putInt(length);
        file.write(head.array());
        file.write(packet, from, length);
    }

    private static byte[] header() {
        ByteBuffer header = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
        return header.putInt(MAGIC).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0).putInt(LONGEST).putInt(LINKTYPE_ETHERNET).array();
    }

    @Override
    public void close() {
        for (OutputStream file : files.values()) {
            try {
                file.close();
            } catch (IOException e) {
                // The packets that could not be written are lost with or without saying so; the trace's other output still counts.
            }
        }
        files.clear();
    }
}
