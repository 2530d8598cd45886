FROM base
RUN echo bom
