FROM base
# a comment before
RUN echo one && \
    # a comment inside
    echo two && \

    echo three \
    && echo four
ENV A=1 \
    # between
    B=2 \  
    C=3
RUN echo "a \
 b"
LABEL multi="line \
value"
