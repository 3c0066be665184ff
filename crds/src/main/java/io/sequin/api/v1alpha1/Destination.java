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

/** A Postgres database that Syncs write to, and what the operator found out about it. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription("A Postgres database that Syncs write to, and how to reach it.")
@Group(Api.GROUP)
@Version(Api.VERSION)
@ShortNames("dest")
@Categories(Api.CATEGORY)
@AdditionalPrinterColumn(name = "Ready", jsonPath = Api.READY + ".status", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Reason", jsonPath = Api.READY + ".reason", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Version",
        jsonPath = ".status.server.version",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Syncs", jsonPath = ".status.syncs", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "Host",
        jsonPath = ".spec.postgres.host",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Message",
        jsonPath = Api.READY + ".message",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
public final class Destination extends CustomResource<DestinationSpec, DestinationStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;
}
