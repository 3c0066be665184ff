package io.sequin.app.config;

import io.sequin.api.v1alpha1.GoDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Option;

/**
 * The flags of {@code run}. Each has an environment variable too: {@code --http-port} is {@code SEQUIN_HTTP_PORT}; the
 * flag wins.
 */
public final class RunOptions {
    @Option(
            names = "--namespaces",
            split = ",",
            paramLabel = "NAME",
            description = "Work only in these namespaces, separated by commas; all of them unless set.")
    private List<String> namespaces = new ArrayList<>();

    @Option(
            names = "--cluster-id",
            paramLabel = "ID",
            description = "Identity of this cluster in the claims on schemas; the uid of namespace kube-system unless"
                    + " set. Must not change later.")
    private String clusterId = "";

    @Option(
            names = "--lease-namespace",
            paramLabel = "NAME",
            description = "Namespace of the Lease sequin-operator; the operator's own unless set.")
    private String leaseNamespace = "";

    @Option(
            names = "--lease-duration",
            paramLabel = "TIME",
            defaultValue = "15s",
            description = "How long a leader that is gone still counts. Default: ${DEFAULT-VALUE}.")
    private String leaseDuration = "";

    @Option(
            names = "--lease-renew-deadline",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "After that long without a renewal the leader gives up. Default: ${DEFAULT-VALUE}.")
    private String leaseRenewDeadline = "";

    @Option(
            names = "--lease-retry-period",
            paramLabel = "TIME",
            defaultValue = "2s",
            description = "Time between two tries to get or renew the Lease. Default: ${DEFAULT-VALUE}.")
    private String leaseRetryPeriod = "";

    @Option(
            names = "--source-endpoint",
            split = ",",
            paramLabel = "KIND=URL",
            description = "Base URL of a kind of source in place of the real one, such as"
                    + " stripe=http://127.0.0.1:12111. May be given several times.")
    private Map<String, String> sourceEndpoints = new LinkedHashMap<>();

    @Option(
            names = "--source-rate",
            split = ",",
            paramLabel = "KIND=N",
            description = "Requests a second that all Syncs of one account of this kind of source make together. Unless"
                    + " set, 80 %% of what the source documents. For accounts whose limit was raised, or to leave more"
                    + " to other programs. May be given several times.")
    private Map<String, Integer> sourceRates = new LinkedHashMap<>();

    @Option(
            names = "--source-ca-file",
            paramLabel = "PATH",
            description = "PEM file with certificates of authorities that are trusted for sources and proxies before"
                    + " them, beside the JVM's own. Proxies are taken from HTTPS_PROXY, HTTP_PROXY and NO_PROXY.")
    private String sourceCaFile = "";

    @Option(
            names = "--byte-budget",
            paramLabel = "BYTES",
            defaultValue = "",
            description = "Fetched data in memory at once, over all Syncs. Default: 48Mi, or two fifths of the JVM's"
                    + " heap where that is less.")
    private String byteBudget = "";

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Port of /livez, /readyz and /metrics; 0 takes any free one and logs it. Default:"
                    + " ${DEFAULT-VALUE}.")
    private int httpPort;

    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "How log lines look: text or json. Default: ${DEFAULT-VALUE}.")
    private String logFormat = "";

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            defaultValue = "info",
            description = "error, warn, info, debug or trace. Default: ${DEFAULT-VALUE}.")
    private String logLevel = "";

    /**
     * The configuration.
     *
     * @param kinds the kinds of source that this operator has
     * @throws ConfigException names the flag and what it takes
     */
    public OperatorConfig toConfig(Set<String> kinds) {
        return new OperatorConfig(
                WatchConfig.of(namespaces, clusterId),
                new LeaseConfig(
                        leaseNamespace.trim(),
                        time("--lease-duration", leaseDuration),
                        time("--lease-renew-deadline", leaseRenewDeadline),
                        time("--lease-retry-period", leaseRetryPeriod)),
                SourcesConfig.of(sourceEndpoints, byteBudget, sourceRates, sourceCaFile, kinds),
                new HttpConfig(httpPort),
                LogConfig.of(logFormat, logLevel));
    }

    private static Duration time(String flag, String text) {
        try {
            return GoDuration.parse(text);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ConfigException(flag + ": '" + text + "' is not a duration such as 500ms, 15s or 1m");
        }
    }
}
