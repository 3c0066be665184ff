package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** One source copied into one schema of a {@link Destination} and kept current. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription("A copy of one source in one schema of a Destination, kept current.")
@Group(Api.GROUP)
@Version(Api.VERSION)
@ShortNames("sy")
@Categories(Api.CATEGORY)
@AdditionalPrinterColumn(name = "Ready", jsonPath = Api.READY + ".status", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Reason", jsonPath = Api.READY + ".reason", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Source", jsonPath = ".status.source.type", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Schema", jsonPath = ".spec.schema", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Tables", jsonPath = ".status.tablesLive", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Rows", jsonPath = ".status.rows", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Last Change",
        jsonPath = ".status.lastChangeTime",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "Destination",
        jsonPath = ".spec.destinationRef.name",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Message",
        jsonPath = Api.READY + ".message",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
public final class Sync extends CustomResource<SyncSpec, SyncStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;
}
