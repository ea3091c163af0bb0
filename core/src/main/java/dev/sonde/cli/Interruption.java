package dev.sonde.cli;

import dev.sonde.session.Child;
import dev.sonde.session.Session;

/**
 * What SIGINT, SIGTERM and SIGHUP do: they end the trace in good order. The virtual machine runs its shutdown hooks on them; this one asks the
 * session to stop and waits until the main thread, which prints what is left, has ended the process.
 */
final class Interruption extends Thread {
    private static final long PATIENCE = 60_000;

    private final Thread main = Thread.currentThread();
    private Session session;
    private Child child;
    private boolean interrupted;

    Interruption() {
        super("interruption");
    }

    /** A command that must not be left behind stopped. */
    synchronized void mind(Child started) {
        child = started;
    }

    /** The session to end. */
    synchronized void mind(Session opened) {
        session = opened;
        if (interrupted) {
            opened.stop();
        }
    }

    private synchronized boolean ask() {
        interrupted = true;
        if (session != null) {
            session.stop();
        } else if (child != null) {
            child.close();
        }
        return session != null;
    }

    @Override
    public void run() {
        if (ask()) {
            try {
                main.join(PATIENCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
