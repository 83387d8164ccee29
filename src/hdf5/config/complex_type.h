/* SPDX-License-Identifier: MIT */
/*
 * A part of HDF5's H5O__dtype_decode_helper() that it does not have yet (cmake/hdf5/CMakeLists.txt): the
 * class of complex numbers of HDF5 2.0, followed by the type of their parts. They become what was
 * written before there was that class: compounds of "r" and "i".
 */
H5T_t *part = NULL;
H5T_cmemb_t *members;

if (H5_IS_KNOWN_BUFFER_OVERFLOW(skip, *pp, 1, p_end) || (**pp & 0x0f) != H5T_FLOAT)
    HGOTO_ERROR(H5E_DATATYPE, H5E_BADTYPE, FAIL, "complex numbers whose parts are no floats");
if (NULL == (part = H5T__alloc()))
    HGOTO_ERROR(H5E_RESOURCE, H5E_NOSPACE, FAIL, "memory allocation failed");
if (H5O__dtype_decode_helper(ioflags, pp, part, skip, p_end) < 0 || part->shared->size == 0 ||
    dt->shared->size / 2 != part->shared->size || dt->shared->size % 2 != 0) {
    (void)H5T_close_real(part);
    HGOTO_ERROR(H5E_DATATYPE, H5E_CANTDECODE, FAIL, "unable to decode the type of complex numbers");
}
if (NULL == (members = H5MM_calloc(2 * sizeof *members))) {
    (void)H5T_close_real(part);
    HGOTO_ERROR(H5E_RESOURCE, H5E_NOSPACE, FAIL, "memory allocation failed");
}
dt->shared->type = H5T_COMPOUND;
dt->shared->u.compnd.memb = members;
dt->shared->u.compnd.nalloc = 2;
for (unsigned i = 0; i < 2; i++) {
    members[i].type = i == 0 ? part : H5T_copy(part, H5T_COPY_ALL);
    members[i].name = H5MM_strdup(i == 0 ? "r" : "i");
    members[i].size = part->shared->size;
    members[i].offset = i * part->shared->size;
    if (members[i].type == NULL)
        HGOTO_ERROR(H5E_RESOURCE, H5E_NOSPACE, FAIL, "memory allocation failed");
    dt->shared->u.compnd.nmembs = i + 1;
    dt->shared->u.compnd.memb_size += part->shared->size;
    if (members[i].name == NULL)
        HGOTO_ERROR(H5E_RESOURCE, H5E_NOSPACE, FAIL, "memory allocation failed");
}
H5T__update_packed(dt);
