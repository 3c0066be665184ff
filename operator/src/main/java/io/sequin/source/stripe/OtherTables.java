package io.sequin.source.stripe;

import static io.sequin.source.stripe.TableSpec.table;

import java.time.Duration;
import java.util.List;

/** Terminal, reports, climate. */
final class OtherTables {
    static final List<TableSpec> TABLES = List.of(
            table("climate.order", "/v1/climate/orders", "Climate: Read")
                    .events("climate.order")
                    .build(),
            table("reporting.report_run", "/v1/reporting/report_runs", "Report Runs and Report Types: Read")
                    .events("reporting.report_run")
                    .newRowsUntilFinal("pending")
                    .build(),
            table("scheduled_query_run", "/v1/sigma/scheduled_query_runs", "Sigma: Read")
                    .events("sigma.scheduled_query_run")
                    .build(),
            table("terminal.configuration", "/v1/terminal/configurations", "Terminal: Read")
                    .wholeList(Duration.ofHours(1))
                    .build(),
            table("terminal.location", "/v1/terminal/locations", "Terminal: Read")
                    .wholeList(Duration.ofHours(1))
                    .build(),
            table("terminal.reader", "/v1/terminal/readers", "Terminal: Read")
                    .events("terminal.reader")
                    .wholeList(Duration.ofHours(1))
                    .build());

    private OtherTables() {}
}
