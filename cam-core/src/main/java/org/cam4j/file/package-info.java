/**
 * Files written whole or not at all: a reader of the path sees the old file, none, or the finished new one.
 *
 * <p>In come arrays and bytes; out go NumPy files and any other files that packages above encode. NumPy files are read too, slice by slice.
 * {@link org.cam4j.file.OpenedFile} tells whether a file that is mapped while a mapper lives is still the same.
 */
package org.cam4j.file;
