package io.sequin.data;

/** The Postgres types that tables of sources use. */
public enum ColumnType {
    BOOLEAN,
    BIGINT,
    NUMERIC,
    TEXT,
    DATE,
    TIMESTAMPTZ,
    JSONB
}
