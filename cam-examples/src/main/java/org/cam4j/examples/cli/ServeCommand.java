package org.cam4j.examples.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.cam4j.ClassActivationMapper;
import org.cam4j.serve.CamServer;
import org.cam4j.serve.Limits;
import org.cam4j.serve.ServedModel;
import org.cam4j.serve.ServerSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Explains photos over HTTP until it is interrupted. */
@Command(
        name = "serve",
        description = {
            "Explains photos on a web page, and over HTTP for programs (POST /explain; /openapi.json describes the"
                    + " rest).",
            "Only this machine reaches it, unless --host says otherwise; then requests need a token. Ctrl-C stops it."
        })
final class ServeCommand implements Callable<Integer> {

    /** Decoding takes up to 12 bytes a pixel, for two photos and more at a time. */
    private static final long MOST_PIXELS = 50_000_000;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "FILE",
            description = RequiredModel.KINDS + ". May be repeated.")
    private List<Path> models;

    @Mixin
    private ModelOptions settings;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "The port where it listens; 0: any that is free; default ${DEFAULT-VALUE}.")
    private int port = 8080;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "The address where it listens, such as 0.0.0.0 for all; default ${DEFAULT-VALUE}.")
    private String host = "127.0.0.1";

    @Option(
            names = "--token",
            paramLabel = "SECRET",
            defaultValue = "${env:CAM4J_TOKEN}",
            description =
                    "The secret that requests must carry; default: CAM4J_TOKEN of the environment. With --host, one is"
                            + " made and printed if none is given.")
    private String token;

    @Option(
            names = "--cors",
            split = ",",
            paramLabel = "ORIGIN",
            description = "Let pages of these other origins ask, such as https://example.org; default none.")
    private List<String> origins = List.of();

    @Option(
            names = "--max-upload",
            paramLabel = "SIZE",
            converter = MemorySize.Converter.class,
            description = "Refuse requests of more bytes than this; default 20m.")
    private MemorySize maxUpload;

    @Option(
            names = "--queue",
            paramLabel = "N",
            description = "Hold this many photos at a time, and answer further ones with 429 (come again); default 64.")
    private Integer queue;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "Give up a request after this long; default 30.")
    private Integer timeout;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        ServerSettings chosen = settings();
        List<ServedModel> served = new ArrayList<>();
        try {
            for (Path model : models) {
                ClassActivationMapper mapper = settings.set(
                                settings.builder(model).maxPixels(MOST_PIXELS))
                        .build();
                served.add(served(model, mapper));
            }
            serve(chosen, served);
            return Cam4j.DONE;
        } finally {
            served.forEach(model -> model.mapper().close());
        }
    }

    private static ServedModel served(Path file, ClassActivationMapper mapper) {
        try {
            return new ServedModel(file.getFileName().toString(), mapper);
        } catch (IllegalArgumentException e) {
            mapper.close();
            throw e;
        }
    }

    private ServerSettings settings() {
        try {
            Limits limits = Limits.standard();
            limits = maxUpload == null ? limits : limits.withUploadBytes(maxUpload.bytes());
            limits = queue == null ? limits : limits.withRequests(queue);
            limits = timeout == null ? limits : limits.withRequestTime(Duration.ofSeconds(timeout));
            ServerSettings chosen = ServerSettings.standard().withLimits(limits).withOrigins(origins);
            return (token == null ? chosen : chosen.withToken(token)).at(host, port);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void serve(ServerSettings chosen, List<ServedModel> served) {
        try (CamServer server = CamServer.start(chosen, served)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println("cam4j " + ClassActivationMapper.version() + " explains photos at " + server.uri());
            // Behind the number sign, so that it is in no request's address and no log.
            server.token().filter(secret -> token == null).ifPresent(secret -> {
                out.println("with the page " + server.uri() + "#token=" + secret);
                out.println("and for programs the header 'Authorization: Bearer " + secret + "'");
            });
            out.flush();
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            // Asked to stop: the server ends what is under way.
            spec.commandLine().getErr().println("cam4j: stopped");
        }
    }
}
