package io.sequin.api.generate;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the generator can't say by annotations: the order of the printer columns, descriptions of the kind and its two
 * halves, that a spec is required, how lists merge under server-side apply, and the status an object is born with.
 */
final class CrdDetails implements CRDPostProcessor {
    /** The object is visible before the operator sees it; tools that wait for Ready need to find it there. */
    private static final String PENDING_MESSAGE = "The operator has not looked at this object yet. If this stays, check"
            + " that the operator runs and watches this namespace.";

    private final Class<? extends CustomResource<?, ?>> kind;

    CrdDetails(Class<? extends CustomResource<?, ?>> kind) {
        this.kind = kind;
    }

    @Override
    public HasMetadata process(HasMetadata crd, String crdSpecVersion) {
        CustomResourceDefinition definition = (CustomResourceDefinition) crd;
        definition.getSpec().getVersions().forEach(this::complete);
        return definition;
    }

    private void complete(CustomResourceDefinitionVersion version) {
        version.getAdditionalPrinterColumns().sort(Comparator.comparingInt(this::position));
        JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
        root.setDescription(kind.getAnnotation(JsonClassDescription.class).value());
        // also refuses the upsert by which a server-side apply would bring a deleted object back without its spec
        root.setRequired(List.of("spec"));
        property(root, "spec").setDescription("What you ask for.");
        completeLists(property(root, "spec"));
        FieldRules.settle(property(root, "spec"));
        completeStatus(property(root, "status"));
    }

    private static JSONSchemaProps property(JSONSchemaProps schema, String name) {
        return Objects.requireNonNull(schema.getProperties().get(name), () -> "no property " + name);
    }

    private int position(CustomResourceColumnDefinition column) {
        List<String> wanted = Arrays.stream(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .toList();
        return wanted.indexOf(column.getName());
    }

    /** Lists of names are sets: a name stands there once, and two appliers each own the names they gave. */
    private static void completeLists(JSONSchemaProps schema) {
        if ("array".equals(schema.getType())
                && "string".equals(schema.getItems().getSchema().getType())) {
            schema.setXKubernetesListType("set");
        }
        schema.getProperties().values().forEach(CrdDetails::completeLists);
    }

    private static void completeStatus(JSONSchemaProps status) {
        status.setDescription("What the operator found out. Only the operator writes it.");
        status.setDefault(pending());
        for (Map.Entry<String, JSONSchemaProps> property :
                status.getProperties().entrySet()) {
            if (property.getKey().equals("conditions")) {
                property.getValue().setXKubernetesListType("map");
                property.getValue().setXKubernetesListMapKeys(List.of("type"));
            } else if ("array".equals(property.getValue().getType())) {
                property.getValue().setXKubernetesListType("atomic");
            }
        }
    }

    private static JsonNode pending() {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", "Unknown")
                .put("lastTransitionTime", "1970-01-01T00:00:00Z")
                .put("reason", "Pending")
                .put("message", PENDING_MESSAGE);
        return status;
    }
}
