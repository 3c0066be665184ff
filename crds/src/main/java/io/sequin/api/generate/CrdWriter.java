package io.sequin.api.generate;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.client.CustomResource;
import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.Sync;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes one YAML file for each kind into each folder it is given. The build calls it after compiling; the generator's
 * own Maven plugin knows no post-processor, which {@link CrdDetails} has to be.
 */
public final class CrdWriter {
    /** The kinds of the API. */
    public static final List<Class<? extends CustomResource<?, ?>>> KINDS = List.of(Destination.class, Sync.class);

    private CrdWriter() {}

    /**
     * Writes the files.
     *
     * @param folders where to; created where missing
     * @throws IOException where a file can't be written
     */
    public static void main(String[] folders) throws IOException {
        for (String folder : folders) {
            writeTo(Path.of(folder));
        }
    }

    /** The name of the file for a kind, {@code <group>_<plural>.yaml} as elsewhere in Kubernetes. */
    public static String fileName(Class<? extends CustomResource<?, ?>> kind) {
        String[] pluralAndGroup = CustomResource.getCRDName(kind).split("\\.", 2);
        return pluralAndGroup[1] + "_" + pluralAndGroup[0] + ".yaml";
    }

    private static void writeTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Class<? extends CustomResource<?, ?>> kind : KINDS) {
            Path file = folder.resolve(fileName(kind));
            int written = new CRDGenerator()
                    .customResourceClasses(List.of(kind))
                    .forCRDVersions("v1")
                    .withMinQuotes(true)
                    .withPostProcessor(new CrdDetails(kind))
                    .withOutput(new OneFile(file))
                    .generate();
            if (written != 1) {
                throw new IOException("expected one CRD for " + kind.getName() + " and got " + written);
            }
        }
    }

    private record OneFile(Path file) implements CRDGenerator.CRDOutput<OutputStream> {
        @Override
        public OutputStream outputFor(String crdName) throws IOException {
            return Files.newOutputStream(file);
        }

        @Override
        public void close() {
            // the generator closes the stream
        }
    }
}
