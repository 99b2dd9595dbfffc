# A static binary in an image without shell or package manager, run by a user
# that owns nothing but the data folder.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /wegwijs . && mkdir /data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /wegwijs /wegwijs
COPY --from=build --chown=65532:65532 /data /data
ENV WEGWIJS_DATABASE=file:/data/wegwijs.db
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/wegwijs"]
CMD ["serve"]
