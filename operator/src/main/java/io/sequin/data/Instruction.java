package io.sequin.data;

/**
 * Something a person must do.
 *
 * @param summary one line: what it achieves
 * @param runAs who may run it, in words
 * @param sql the statement, complete and quoted, valid for the server at hand
 */
public record Instruction(String summary, String runAs, String sql) {}
