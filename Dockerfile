# One image, several commands: docker run basvuru serve | poll | work | schedule | db upgrade
FROM python:3.11-slim-bookworm AS build
RUN python -m venv /opt/basvuru
ENV PATH=/opt/basvuru/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY deploy/requirements.lock /src/
RUN pip install --require-hashes --requirement /src/requirements.lock
COPY . /src/
RUN pip install --no-deps /src

FROM python:3.11-slim-bookworm
# redis-server too: a container that is tried alone uses the embedded broker.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends poppler-utils redis-server tesseract-ocr \
        tesseract-ocr-osd tesseract-ocr-script-latn tesseract-ocr-tur \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home basvuru \
    && install -d -o basvuru -g basvuru -m 0700 /var/lib/basvuru
COPY --from=build /opt/basvuru /opt/basvuru
# PYTHONSAFEPATH: five of our packages have everyday names, and the folder that a container is
# started in must not be able to stand in for one of them.
ENV PATH=/opt/basvuru/bin:$PATH \
    PYTHONSAFEPATH=1 \
    PYTHONUNBUFFERED=1 \
    OMP_THREAD_LIMIT=1 \
    BASVURU_DATA=/var/lib/basvuru
USER basvuru
WORKDIR /var/lib/basvuru
VOLUME /var/lib/basvuru
EXPOSE 8600
# Settings can be read and the database answers; that the daemon runs, the container's life says.
HEALTHCHECK --interval=60s --timeout=20s --start-period=60s CMD ["basvuru", "status", "--json"]
ENTRYPOINT ["basvuru"]
CMD ["--help"]
