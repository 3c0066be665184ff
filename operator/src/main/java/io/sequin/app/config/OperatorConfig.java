package io.sequin.app.config;

/** Everything that can be set about the operator; valid once it exists. Holds no secret. */
public record OperatorConfig(
        WatchConfig watch, LeaseConfig lease, SourcesConfig sources, HttpConfig http, LogConfig log) {}
