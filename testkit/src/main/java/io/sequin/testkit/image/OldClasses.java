package io.sequin.testkit.image;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Raises classes that were compiled for Java 5 or before to the format of Java 8. The AOT cache leaves such classes out,
 * since they have no stack maps and so can't be verified ahead; each start then parses and verifies them anew. The same
 * jar becomes the same bytes each time.
 */
final class OldClasses {
    private OldClasses() {}

    /** Copies a jar, with its old classes raised and all else byte by byte. */
    static void raise(Path from, Path to) throws IOException {
        if (!hasOld(from)) {
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
            return;
        }
        try (JarFile jar = new JarFile(from.toFile());
                URLClassLoader classes =
                        new URLClassLoader(new URL[] {from.toUri().toURL()}, null);
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(to))) {
            ClassFile format = ClassFile.of(
                    ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                    ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(classes)
                            .orElse(ClassHierarchyResolver.defaultResolver())));
            for (JarEntry entry : jar.stream().toList()) {
                byte[] content = read(jar, entry);
                JarEntry copy = new JarEntry(entry.getName());
                copy.setTimeLocal(entry.getTimeLocal());
                out.putNextEntry(copy);
                out.write(isOld(entry, content) ? raise(format, content) : content);
                out.closeEntry();
            }
        }
    }

    private static boolean hasOld(Path from) throws IOException {
        try (JarFile jar = new JarFile(from.toFile())) {
            for (JarEntry entry : jar.stream().toList()) {
                if (isOld(entry, read(jar, entry))) {
                    return true;
                }
            }
            return false;
        }
    }

    private static byte[] read(JarFile jar, JarEntry entry) throws IOException {
        try (var in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    /** The major version is in bytes 6 and 7 (The Java Virtual Machine Specification, 4.1). */
    private static boolean isOld(JarEntry entry, byte[] content) {
        return entry.getName().endsWith(".class") && content[6] == 0 && content[7] < ClassFile.JAVA_6_VERSION;
    }

    private static byte[] raise(ClassFile format, byte[] content) {
        ClassModel model = format.parse(content);
        // bodies are taken apart, though nothing in them is changed: else they are copied, without stack maps
        ClassTransform bodies = ClassTransform.transformingMethodBodies((code, element) -> code.with(element));
        return format.transformClass(model, bodies.andThen((builder, element) -> {
            if (element instanceof ClassFileVersion) {
                builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
            } else {
                builder.with(element);
            }
        }));
    }
}
