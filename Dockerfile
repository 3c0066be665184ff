# docker build -t sequin-operator:0.1.0-SNAPSHOT .
FROM maven:3-eclipse-temurin-25 AS build
# Postgres, which the training below starts, refuses to run as root
RUN useradd --create-home build && install --directory --owner=build /src
USER build
WORKDIR /src
COPY --chown=build . .
# The AOT cache is recorded by a run of the operator against a real API server and database, which are started for it and
# end with it. --build-arg CACHE=false builds without: the operator then takes longer to start, and that is all.
ARG CACHE=true
RUN mvn --batch-mode --no-transfer-progress -Dmaven.test.skip -Pimage -Dimage.cache=$CACHE package

# glibc, authorities and time zones: all that the Java runtime needs. No shell, no package manager.
FROM gcr.io/distroless/base-nossl-debian12:nonroot
COPY --from=build --chown=0:0 /src/operator/target/image/ /
# One arena for all threads: what the compilers gave back is else kept in pieces in each of them, 10 to 15 MB.
ENV MALLOC_ARENA_MAX=1
# a number, so that Kubernetes can see that it isn't root
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/opt/java/bin/java", "@/app/jvm.options", "-jar", "/app/sequin-operator.jar"]
