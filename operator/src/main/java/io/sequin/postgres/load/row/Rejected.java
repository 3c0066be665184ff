package io.sequin.postgres.load.row;

import io.sequin.data.Change;
import java.util.ArrayList;
import java.util.List;

/** The records of one table in one batch that are to be set aside. */
public final class Rejected {
    /** So many are single bad records, whatever the batch's size. */
    public static final int FEW = 100;

    private final String table;
    private final int offered;
    private final List<Entry> entries = new ArrayList<>();

    /** One of them. */
    public record Entry(Change.Upsert upsert, Unfit why) {}

    /** @param offered how many records the batch has for the table */
    public Rejected(String table, int offered) {
        this.table = table;
        this.offered = offered;
    }

    /** @throws io.sequin.postgres.TableException where it can't be set aside, or too many are */
    public void add(Change.Upsert upsert, Unfit why) {
        if (why == Unfit.KEY) {
            throw Refusal.ofKey(table, upsert.key());
        }
        entries.add(new Entry(upsert, why));
        if (entries.size() > FEW && entries.size() * 100L > offered) {
            throw Refusal.ofMany(
                    table, entries.size(), offered, entries.getFirst().why());
        }
    }

    /** In the order in which they were rejected. */
    public List<Entry> entries() {
        return entries;
    }
}
