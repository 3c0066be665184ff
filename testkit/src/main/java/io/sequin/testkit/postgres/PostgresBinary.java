package io.sequin.testkit.postgres;

import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** Finds the archive of one major version among this module's resources. */
record PostgresBinary(int major) implements PgBinaryResolver {
    @Override
    public InputStream getPgBinary(String system, String machineHardware) throws IOException {
        String name = "/postgres/%d/postgres-%s-%s.txz"
                .formatted(major, system.toLowerCase(Locale.ROOT), machineHardware.toLowerCase(Locale.ROOT));
        InputStream archive = PostgresBinary.class.getResourceAsStream(name);
        if (archive == null) {
            throw new FileNotFoundException("no Postgres " + major + " for " + system + " on " + machineHardware
                    + ": testkit/pom.xml unpacks the versions there are (looked for resource " + name + ")");
        }
        return archive;
    }
}
