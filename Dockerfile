# Three stages: the browser's bundle, an environment with everything in it, and what runs, which has neither npm nor pip's
# leavings. `prepare` compares what was collected with what it finds, so that the bundle stays. No image was built where
# this was written: tests read this file, and its commands were run by hand.
FROM node:24-slim AS plotly
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM python:3.13-slim AS built
WORKDIR /callstore
COPY requirements.txt ./
RUN python -m venv /opt/callstore \
 && /opt/callstore/bin/pip install --no-cache-dir --no-deps --require-hashes --requirement requirements.txt
COPY --from=plotly /build/node_modules node_modules
COPY manage.py pyproject.toml ./
COPY callstore callstore
COPY ingest ingest
COPY dashboard dashboard
COPY tests/scenarios tests/scenarios
COPY tests/reported tests/reported
RUN CALLSTORE_STATIC_ROOT=/callstore/static /opt/callstore/bin/python manage.py collectstatic --no-input --verbosity 0

FROM python:3.13-slim
ENV PATH=/opt/callstore/bin:$PATH PYTHONUNBUFFERED=1 MALLOC_ARENA_MAX=2 \
    CALLSTORE_DATA_DIR=/var/lib/callstore CALLSTORE_STATIC_ROOT=/callstore/static
RUN useradd --system --home-dir /var/lib/callstore --create-home callstore
COPY --from=built /opt/callstore /opt/callstore
COPY --from=built /callstore /callstore
WORKDIR /callstore
USER callstore
VOLUME /var/lib/callstore
EXPOSE 8000
CMD ["python", "-m", "granian", "--host=0.0.0.0", "--port=8000", "--interface=asgi", "--workers=1", \
     "--no-ws", "--http=1", "--http1-header-read-timeout=10000", "--http1-buffer-size=65536", "--backpressure=16384", \
     "--respawn-failed-workers", "--log-level=error", "callstore.asgi:application"]
