package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What others have in a database: a table, a view on a synced table and a table of a hostile name in the synced schema,
 * a schema of their own with grants and a function. None of it may ever change.
 */
final class Bystanders {
    private final StripeSync sync;
    private final String before;

    private Bystanders(StripeSync sync) {
        this.sync = sync;
        this.before = fingerprint();
    }

    /** Creates them as the superuser; the synced schema must be there. */
    static Bystanders in(StripeSync sync) {
        sync.sql("""
                create table "stripe it".notes as select 1 as id, 'theirs' as note;
                create table "stripe it"."x""; drop schema s; --" as select 2 as id;
                create view "stripe it".richest as select id from "stripe it".customer;
                create schema reporting;
                create table reporting.charge as select id from "stripe it".charge;
                create function reporting.one() returns int language sql as 'select 1';
                grant select on reporting.charge to public;
                grant usage on schema "stripe it" to public;""");
        return new Bystanders(sync);
    }

    /** Their objects, owners, rights, files and rows are as they were. */
    void assertUntouched() {
        assertThat(fingerprint()).isEqualTo(before);
    }

    private String fingerprint() {
        return sync.value("""
                select string_agg(line, E'\\n' order by line) from (
                  select concat_ws(' ', 'relation', c.oid, n.nspname, c.relname, c.relfilenode, c.relowner, c.relacl) as line
                    from pg_class c join pg_namespace n on n.oid = c.relnamespace
                   where n.nspname = 'reporting'
                      or n.nspname = 'stripe it' and c.relname in ('notes', 'richest', 'x"; drop schema s; --')
                  union all
                  select concat_ws(' ', 'schema', oid, nspname, nspowner, nspacl) from pg_namespace
                   where nspname in ('reporting', 'stripe it')
                  union all
                  select concat_ws(' ', 'function', oid, proname, proowner) from pg_proc where proname = 'one'
                  union all
                  select concat_ws(' ', 'rows', n.id, n.note, x.id)
                    from "stripe it".notes n, "stripe it"."x""; drop schema s; --" x
                  union all
                  select 'rows ' || count(*) from reporting.charge) all_of_them""");
    }
}
