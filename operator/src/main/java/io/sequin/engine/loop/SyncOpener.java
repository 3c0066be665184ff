package io.sequin.engine.loop;

import static io.sequin.engine.trouble.Trouble.atDestination;
import static io.sequin.engine.trouble.Trouble.atSource;

import io.sequin.data.AccountId;
import io.sequin.data.Catalog;
import io.sequin.data.LaneId;
import io.sequin.data.Problem;
import io.sequin.data.TableShape;
import io.sequin.engine.SyncPlan;
import io.sequin.engine.board.Board;
import io.sequin.engine.commit.PermitLostException;
import io.sequin.engine.lane.LaneTrack;
import io.sequin.engine.lane.LeftOut;
import io.sequin.engine.lane.OpenSync;
import io.sequin.engine.lane.Resyncs;
import io.sequin.engine.parts.EngineParts;
import io.sequin.engine.trouble.LaneException;
import io.sequin.engine.trouble.Retry;
import io.sequin.loop.RunPermit;
import io.sequin.postgres.load.Claim;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.ResyncState;
import io.sequin.postgres.schema.Consent;
import io.sequin.source.Lane;
import io.sequin.source.SourceConnector;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import io.sequin.source.SourceSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a Sync: asks the source who it is, takes the schema, makes sure of the tables, records where the lanes begin.
 * Nothing is read of the source's rows before the tail's start is committed.
 */
final class SyncOpener {
    private static final Logger LOG = LoggerFactory.getLogger(SyncOpener.class);

    private final EngineParts parts;
    private final RunPermit permit;
    private final Board board;

    SyncOpener(EngineParts parts, RunPermit permit, Board board) {
        this.parts = parts;
        this.permit = permit;
        this.board = board;
    }

    OpenSync open(SyncPlan plan) throws InterruptedException {
        SourceSession source = atSource(() -> connector(plan)
                .open(plan.source(), parts.context().of(plan.owner().sync(), plan.rate())));
        DestinationSession destination = null;
        boolean opened = false;
        try {
            AccountId account = atSource(source::account);
            Catalog catalog = atSource(() -> Selected.of(source.discover(), plan.tables()));
            Instant sourceNow = atSource(source::sourceNow);
            board.reached(account, catalog);
            List<Lane> lanes = atSource(() -> source.plan(catalog, sourceNow)).stream()
                    .map(lane -> lane.without(others(lane, catalog)))
                    .filter(lane -> !lane.tables().isEmpty())
                    .toList();
            destination = parts.destinations().open(plan.destination(), plan.schema(), plan.rules());
            OpenSync sync = take(plan, account, catalog, lanes, source, destination);
            opened = true;
            return sync;
        } finally {
            if (!opened) {
                close(source, destination);
            }
        }
    }

    private static Set<String> others(Lane lane, Catalog catalog) {
        return lane.tables().stream()
                .filter(table -> catalog.table(table).isEmpty())
                .collect(Collectors.toSet());
    }

    private SourceConnector connector(SyncPlan plan) {
        SourceConnector connector = parts.connectors().get(plan.source().kind());
        if (connector == null) {
            throw new SourceException(Problem.of(
                    SourceProblem.INVALID_CONFIGURATION,
                    "this operator knows no source of kind " + plan.source().kind()));
        }
        return connector;
    }

    private OpenSync take(
            SyncPlan plan,
            AccountId account,
            Catalog catalog,
            List<Lane> lanes,
            SourceSession source,
            DestinationSession destination)
            throws InterruptedException {
        if (!permit.granted()) {
            throw new PermitLostException();
        }
        Consent consent =
                new Consent(parts.known().of(plan.owner().sync()), plan.resync().request());
        Claim claim = atDestination(() -> destination.take(plan.owner(), account, consent));
        Set<String> selected = catalog.tables().stream().map(TableShape::name).collect(Collectors.toSet());
        Set<String> retained = atDestination(() -> destination.retainOthers(selected));
        board.found(claim);
        for (TableShape shape : catalog.tables()) {
            ensure(destination, shape, lanes, claim);
        }
        // before the lanes are recorded: a request that is there before anything was synced is done with the first
        // passes
        ResyncState resync =
                atDestination(() -> destination.passes().request(plan.resync().request(), selected));
        Map<LaneId, LaneState> states = atDestination(() -> destination.begin(OpenSync.starts(lanes)));
        board.opened(
                claim.storageId(),
                states.values().stream().anyMatch(s -> s.seq() > 0),
                retained,
                lanes.stream().filter(l -> l.kind() == Lane.Kind.TAIL).toList());
        board.resync().found(resync);
        LOG.info("schema {} taken for account {}", plan.schema(), account);
        Resyncs resyncs = Resyncs.of(resync, lanes, plan.resync().guard(), this::retry);
        return assemble(catalog, lanes, states, resyncs, source, destination);
    }

    private void ensure(DestinationSession destination, TableShape shape, List<Lane> lanes, Claim claim)
            throws InterruptedException {
        Set<LaneId> fills = lanes.stream()
                .filter(l -> l.tables().contains(shape.name()))
                .flatMap(l -> OpenSync.forgotten(l, claim::isFilled).stream())
                .collect(Collectors.toSet());
        Optional<Instant> floor = lanes.stream()
                .flatMap(lane -> lane.floor(shape.name()).stream())
                .findFirst();
        try {
            board.ensured(shape.name(), atDestination(() -> destination.ensure(shape, fills, floor)));
        } catch (LaneException e) {
            board.refused(shape.name(), e.ofTable().trouble());
            LOG.warn("table {}: {}", shape.name(), e.getMessage());
        }
    }

    private OpenSync assemble(
            Catalog catalog,
            List<Lane> lanes,
            Map<LaneId, LaneState> states,
            Resyncs resyncs,
            SourceSession source,
            DestinationSession destination) {
        Map<String, LaneTrack> firstPasses =
                LinkedHashMap.newLinkedHashMap(catalog.tables().size());
        List<LaneTrack> tails = new ArrayList<>();
        for (Lane lane : lanes) {
            LaneState state = states.get(lane.id());
            if (state == null) {
                throw new IllegalStateException("lane " + lane.id() + " was not begun");
            }
            LaneTrack track = new LaneTrack(lane, state, retry());
            switch (lane.kind()) {
                case FIRST_PASS -> lane.tables().forEach(table -> firstPasses.put(table, track));
                case TAIL -> tails.add(track);
            }
        }
        Map<String, TableShape> shapes =
                catalog.tables().stream().collect(Collectors.toUnmodifiableMap(TableShape::name, Function.identity()));
        return new OpenSync(source, destination, shapes, firstPasses, List.copyOf(tails), resyncs, LeftOut.in(states));
    }

    private Retry retry() {
        return new Retry(parts.settings().backoff(), parts.random());
    }

    private static void close(SourceSession source, @Nullable DestinationSession destination) {
        try (source) {
            if (destination != null) {
                destination.close();
            }
        }
    }
}
