FROM base
ADD https://example.org/project/repo.git#v1.2:docs /docs
ADD --keep-git-dir=true https://example.org/project/repo.git#main /with-git
ADD git@example.org:project/repo.git /ssh
ADD https://example.org/project/repo.git?branch=dev&subdir=src&submodules=false /query
ADD --checksum=94f4240bf8ee1dd6a1fb2d0ad9a5b4f1a0a3b1c2 https://example.org/project/repo.git#v2 /pinned
