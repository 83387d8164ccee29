/* SPDX-License-Identifier: MIT */
/*
 * A part of HDF5's H5O__layout_decode(), in place of its own (cmake/hdf5/CMakeLists.txt): the names
 * of a virtual dataset's mapping `i`. HDF5 2.0 writes them with flags before: 1 and 2 say that the
 * name of the source's file and of its dataset are those of an earlier mapping, whose number stands
 * there; 4 that the source is in the same file.
 */
uint8_t name_flags = 0;

if (heap_vers > 0) {
    if (H5_IS_BUFFER_OVERFLOW(heap_block_p, 1, heap_block_p_end) || *heap_block_p > 7)
        HGOTO_ERROR(H5E_OHDR, H5E_OVERFLOW, NULL, "bad flags of a VDS mapping");
    name_flags = *heap_block_p++;
}
for (unsigned part = 1; part <= 2; part++) {
    H5O_storage_virtual_ent_t *entries = mesg->storage.u.virt.list;
    const char *name = ".";
    hsize_t origin = 0;
    char *copy;

    if (part == 1 && (name_flags & 4) != 0) {
        /* nothing is stored */
    } else if ((name_flags & part) != 0) {
        if (H5_IS_BUFFER_OVERFLOW(heap_block_p, H5F_sizeof_size(f), heap_block_p_end))
            HGOTO_ERROR(H5E_OHDR, H5E_OVERFLOW, NULL, "ran off end of input buffer while decoding");
        H5F_DECODE_LENGTH(f, heap_block_p, origin);
        if (origin >= i)
            HGOTO_ERROR(H5E_OHDR, H5E_BADVALUE, NULL, "a VDS mapping has the names of a later one");
        name = part == 1 ? entries[origin].source_file_name : entries[origin].source_dset_name;
    } else {
        ptrdiff_t room = heap_block_p_end - heap_block_p + 1;

        name = (const char *)heap_block_p;
        if (room <= 0 || memchr(name, 0, (size_t)room) == NULL)
            HGOTO_ERROR(H5E_OHDR, H5E_OVERFLOW, NULL, "ran off end of input buffer while decoding");
        heap_block_p += strlen(name) + 1;
    }
    if (NULL == (copy = H5MM_strdup(name)))
        HGOTO_ERROR(H5E_OHDR, H5E_CANTALLOC, NULL, "unable to allocate memory for source name");
    *(part == 1 ? &entries[i].source_file_name : &entries[i].source_dset_name) = copy;
}
