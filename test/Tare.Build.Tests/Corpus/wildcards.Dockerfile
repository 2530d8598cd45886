FROM base
COPY *.md /a/
COPY data/*.csv /b/
COPY da?a/t[w-z]o.csv /c
COPY arr[[]0].txt /d/
COPY ["with space.txt", "/e/with space.txt"]
COPY src/*/*.sh /f/
COPY --chmod=600 *.txt conf/*.conf /g/
COPY link /h
COPY . /all
