package io.sequin.network.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hosts that are asked directly, in the words of {@code NO_PROXY}: {@code *}; a domain with all below it, with or without
 * a leading dot; an address; a network such as {@code 10.0.0.0/8}; each of them with a port where only that is meant.
 * Addresses and networks match hosts that are written as addresses: no name is resolved for it.
 */
final class NoProxy {
    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");
    private static final Pattern BRACKETED = Pattern.compile("\\[([^]]*)](?::(\\d+))?");
    private static final Pattern WITH_PORT = Pattern.compile("([^:]+):(\\d+)");
    private static final Pattern NETWORK = Pattern.compile("(.+)/(\\d{1,3})");

    private final List<Rule> rules = new ArrayList<>();

    private record Rule(String host, int port) {
        boolean fits(String of, int at) {
            return (port < 0 || port == at) && fits(of);
        }

        private boolean fits(String of) {
            if (host.equals("*")) {
                return true;
            }
            Matcher network = NETWORK.matcher(host);
            if (network.matches()) {
                return isIn(network.group(1), Integer.parseInt(network.group(2)), of);
            }
            if (isAddress(host)) {
                return isIn(host, Integer.MAX_VALUE, of);
            }
            String domain = host.replaceFirst("^\\*?\\.", "");
            return of.equals(domain) || of.endsWith("." + domain);
        }
    }

    NoProxy(String text) {
        for (String entry : SEPARATOR.split(text.toLowerCase(Locale.ROOT), 0)) {
            if (!entry.isEmpty()) {
                rules.add(rule(entry));
            }
        }
    }

    private static Rule rule(String entry) {
        Matcher bracketed = BRACKETED.matcher(entry);
        Matcher ported = bracketed.matches() ? bracketed : WITH_PORT.matcher(entry);
        if (!ported.matches()) {
            return new Rule(entry, -1);
        }
        return new Rule(ported.group(1), ported.group(2) == null ? -1 : Integer.parseInt(ported.group(2)));
    }

    /**
     * Whether this host is asked directly; this machine itself always is.
     *
     * @param host as in a URL; an IPv6 address with or without brackets
     */
    boolean contains(String host, int port) {
        String plain = host.toLowerCase(Locale.ROOT).replaceAll("^\\[|]$|\\.$", "");
        return plain.equals("localhost")
                || (isAddress(plain) && InetAddress.ofLiteral(plain).isLoopbackAddress())
                || rules.stream().anyMatch(rule -> rule.fits(plain, port));
    }

    private static boolean isAddress(String text) {
        try {
            InetAddress.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException name) {
            return false;
        }
    }

    private static boolean isIn(String network, int bits, String host) {
        if (!isAddress(network) || !isAddress(host)) {
            return false;
        }
        byte[] net = InetAddress.ofLiteral(network).getAddress();
        byte[] address = InetAddress.ofLiteral(host).getAddress();
        if (net.length != address.length) {
            return false;
        }
        for (int bit = 0; bit < Math.min(bits, net.length * Byte.SIZE); bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if ((net[bit / Byte.SIZE] & mask) != (address[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }
}
