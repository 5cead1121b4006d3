package org.cam4j.engine.onednn;

import java.util.Optional;
import org.bytedeco.dnnl.engine;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Precision;
import org.cam4j.exception.ModelFileException;
import org.cam4j.plan.InferencePlan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ways in which one network runs: on all cores for a single image, on one core each for several images, on one core each for groups of
 * images. The network is compiled for several images with the first batch.
 *
 * <p>Thread-safe. Call {@link #close} only if no task is running.
 */
final class WorkerPools implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerPools.class);

    private final InferencePlan plan;
    private final Precision precision;
    private final Team team;
    private final engine processor;
    private final Weights weights;
    private final NativeObjects natives;
    private final NativeObjects nativesOfGroups = new NativeObjects();
    private final WorkerPool together;
    private final int group;

    private WorkerPool apart;

    /** Empty if oneDNN cannot run groups of images. */
    private Optional<WorkerPool> grouped;

    /**
     * Compiles for a single image.
     *
     * @param team whose threads run it
     * @param natives owns the native objects for single images
     * @throws EngineUnavailableException if oneDNN has no fast code for a step
     */
    WorkerPools(
            InferencePlan plan,
            Precision precision,
            Team team,
            engine processor,
            Weights weights,
            NativeObjects natives)
            throws EngineUnavailableException {
        this.plan = plan;
        this.precision = precision;
        this.team = team;
        this.processor = processor;
        this.weights = weights;
        this.natives = natives;
        this.together = pool(team.together());
        this.group = MicroBatch.size(plan, !together.network().winograd().isEmpty());
    }

    private WorkerPool pool(Team.Workers workers) throws EngineUnavailableException {
        return new WorkerPool(
                workers,
                () -> NetworkCompiler.compile(plan, precision, 1, processor, weights, natives),
                network -> new Execution(network, processor));
    }

    /** Returns the pool that runs one image on all cores. */
    WorkerPool together() {
        return together;
    }

    /** Returns the number of images that one core runs together; 1 if more are no faster. */
    int group() {
        return group;
    }

    /** Returns the pool with one image per core; the all-cores pool if oneDNN chose other code for a single core. */
    synchronized WorkerPool apart() {
        if (apart == null) {
            try {
                WorkerPool pool = pool(team.apart());
                if (pool.network().code().equals(together.network().code())) {
                    apart = pool;
                } else {
                    LOG.info(
                            "oneDNN has other code for one core than for {}: images are run one after the other",
                            team.size());
                    pool.close();
                    apart = together;
                }
            } catch (EngineUnavailableException e) {
                LOG.info("Images are run one after the other: on one core, {}", e.getMessage());
                apart = together;
            }
        }
        return apart;
    }

    /** Returns the pool with a group of images per core. */
    synchronized Optional<WorkerPool> grouped() {
        if (grouped == null) {
            grouped = poolOfGroups();
        }
        return grouped;
    }

    private Optional<WorkerPool> poolOfGroups() {
        try {
            WorkerPool pool = new WorkerPool(
                    team.apart(),
                    () -> NetworkCompiler.compile(
                            plan, precision, group, processor, weights.forGroups(nativesOfGroups), nativesOfGroups),
                    network -> new Execution(network, processor));
            if (NativeObjects.isRoomFor((team.size() - 1L) * pool.network().bytes())) {
                return Optional.of(pool);
            }
            pool.close();
            LOG.info(
                    "Images are run one by one: {} at a time need more native memory than JavaCPP's limit leaves",
                    group);
        } catch (EngineUnavailableException | ModelFileException | OutOfMemoryError e) {
            // A lean prepared model has its weights for single images alone; JavaCPP throws the error at its own limit.
            LOG.info("Images are run one by one, not {} at a time: {}", group, e.getMessage());
        }
        nativesOfGroups.close();
        return Optional.empty();
    }

    @Override
    public synchronized void close() {
        together.close();
        if (apart != null && apart != together) {
            apart.close();
        }
        if (grouped != null) {
            grouped.ifPresent(WorkerPool::close);
        }
        nativesOfGroups.close();
    }
}
