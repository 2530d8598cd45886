% for word, count in words:
${count} ${word}
% endfor
