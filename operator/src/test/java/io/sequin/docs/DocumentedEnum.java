package io.sequin.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The docstrings of an enum's constants, read from its source. */
final class DocumentedEnum {
    private static final Path SOURCES = Path.of("src/main/java");

    private final Class<? extends Enum<?>> type;
    private final String source;

    DocumentedEnum(Class<? extends Enum<?>> type) {
        this.type = type;
        Path file = SOURCES.resolve(type.getName().replace('.', '/') + ".java");
        try {
            source = Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the source of " + type.getName(), e);
        }
    }

    /**
     * What a constant means, in one line of Markdown.
     *
     * @throws AssertionError where it has no docstring
     */
    String meaning(Enum<?> constant) {
        Pattern documented =
                Pattern.compile("/\\*\\*((?:(?!\\*/).)*)\\*/\\s*" + constant.name() + "\\(", Pattern.DOTALL);
        Matcher found = documented.matcher(source);
        if (!found.find()) {
            throw new AssertionError(type.getSimpleName() + "." + constant.name()
                    + " has no docstring: say in it what the reason means and what cures it");
        }
        return found.group(1)
                .replaceAll("\\s*\\n\\s*\\*\\s*", " ")
                .replaceAll("\\{@code ([^}]*)}", "`$1`")
                .replace("|", "\\|")
                .strip();
    }
}
