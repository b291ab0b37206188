FROM node:24-slim AS plotly
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1 MALLOC_ARENA_MAX=2 \
    CALLSTORE_DATA_DIR=/var/lib/callstore CALLSTORE_STATIC_ROOT=/callstore/static
WORKDIR /callstore
COPY requirements.txt ./
RUN pip install --no-cache-dir --no-deps --require-hashes --requirement requirements.txt
COPY --from=plotly /build/node_modules node_modules
COPY . .
RUN python manage.py collectstatic --no-input --verbosity 0 \
 && useradd --system --home-dir /var/lib/callstore --create-home callstore
USER callstore
VOLUME /var/lib/callstore
EXPOSE 8000
CMD ["python", "-m", "granian", "--host=0.0.0.0", "--port=8000", "--interface=asgi", "--workers=1", \
     "--no-ws", "--http=1", "--http1-header-read-timeout=10000", "--http1-buffer-size=65536", "--backpressure=16384", \
     "--respawn-failed-workers", "--log-level=error", "callstore.asgi:application"]
