package io.sequin.api.generate;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The generated CRDs as the tests look at them. */
final class Crds {
    /** The folder config of the repository; tests run in the module's folder. */
    static final Path CONFIG = Path.of("..", "config");

    private Crds() {}

    /** One schema in a CRD and where it stands, for example {@code spec.postgres.host}. */
    record Field(String path, JSONSchemaProps schema) {}

    static String generatedText(Class<? extends CustomResource<?, ?>> kind) {
        String name = "/crds/" + CrdWriter.fileName(kind);
        try (InputStream in = Objects.requireNonNull(Crds.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static CustomResourceDefinition generated(Class<? extends CustomResource<?, ?>> kind) {
        return Serialization.unmarshal(generatedText(kind), CustomResourceDefinition.class);
    }

    static JSONSchemaProps root(Class<? extends CustomResource<?, ?>> kind) {
        return generated(kind).getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
    }

    /** Every schema of a kind below the root: properties, and items of lists as {@code name[]}. */
    static List<Field> fields(Class<? extends CustomResource<?, ?>> kind) {
        List<Field> found = new ArrayList<>();
        collect("", root(kind), found);
        return found;
    }

    private static void collect(String path, JSONSchemaProps schema, List<Field> found) {
        if (schema.getProperties() != null) {
            schema.getProperties().forEach((name, property) -> {
                Field field = new Field(path.isEmpty() ? name : path + "." + name, property);
                found.add(field);
                collect(field.path(), property, found);
            });
        }
        if (schema.getItems() != null && schema.getItems().getSchema() != null) {
            Field field = new Field(path + "[]", schema.getItems().getSchema());
            found.add(field);
            collect(field.path(), field.schema(), found);
        }
    }
}
