ARG CONFIGURATION=Release
FROM base AS runtime
WORKDIR /app
EXPOSE 8080 8081
FROM base AS build
ARG CONFIGURATION
WORKDIR /src
COPY ["package.json", "web/"]
RUN cat "web/package.json"
COPY . .
WORKDIR "/src/web"
RUN mkdir -p /app/build && cp index.html /app/build/$CONFIGURATION.html
FROM build AS publish
RUN cp -r /app/build /app/publish
FROM runtime AS final
WORKDIR /app
COPY --from=publish /app/publish .
ENTRYPOINT ["cat", "Release.html"]
