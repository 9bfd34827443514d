"""The HDF5 files of motley: groups of variables with units and long names."""
import h5py
import xarray


class ResultError(ValueError):
    """A folder or file is not what was asked for; the message says where and what to do."""


def open_file(path, what):
    """Opens a file of results for reading."""
    if not path.is_file():
        raise ResultError(f"{path.parent}: no {path.name}; give the folder of {what}, as in results/NAME")
    try:
        return h5py.File(path, "r")
    except OSError as error:
        raise ResultError(f"{path} cannot be read: {error}; make it again") from error


def attributes(file):
    """The provenance: name -> text."""
    return {name: str(value) for name, value in file.attrs.items()}


def groups(file, folder="/"):
    return sorted(name for name, item in file[folder].items() if isinstance(item, h5py.Group))


def dataset(path, group):
    """A group as xarray.Dataset, in memory."""
    with xarray.open_dataset(path, group=group, engine="h5netcdf") as lazy:
        return lazy.load()


def table(path, group, provenance):
    """A group whose variables all have the same dimension as pandas.DataFrame."""
    return frame(dataset(path, group), provenance)


def frame(data, provenance):
    """The DataFrame of a Dataset of one dimension; units, meaning and provenance are in `attrs`."""
    out = data.to_dataframe()
    out.attrs = {
        "units": {name: variable.attrs["units"] for name, variable in data.variables.items()
                  if "units" in variable.attrs},
        "meaning": {name: variable.attrs["long_name"] for name, variable in data.variables.items()
                    if variable.attrs.get("long_name")},
        "provenance": provenance,
    }
    return out

